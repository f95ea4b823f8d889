module.exports = {
  displayName: 'recognition-service',
  preset: '../../jest.preset.js',
};
