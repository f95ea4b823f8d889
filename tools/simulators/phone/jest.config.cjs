module.exports = {
  displayName: 'phone',
  preset: '../../../jest.preset.js',
};
