module.exports = {
  displayName: 'attendance-backend',
  preset: '../../../jest.preset.js',
};
