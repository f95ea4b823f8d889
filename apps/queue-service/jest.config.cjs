module.exports = {
  displayName: 'queue-service',
  preset: '../../jest.preset.js',
};
