module.exports = {
  displayName: 'vision-service',
  preset: '../../jest.preset.js',
};
