module.exports = {
  displayName: 'vision-model',
  preset: '../../../jest.preset.js',
};
