module.exports = {
  displayName: 'teach-service',
  preset: '../../jest.preset.js',
};
