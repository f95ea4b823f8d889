module.exports = {
  displayName: 'cameras',
  preset: '../../../jest.preset.js',
};
