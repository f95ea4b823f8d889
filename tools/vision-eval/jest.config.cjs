module.exports = {
  displayName: 'vision-eval',
  preset: '../../jest.preset.js',
};
