module.exports = {
  displayName: 'arm-robot',
  preset: '../../../jest.preset.js',
};
