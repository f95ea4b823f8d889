module.exports = {
  displayName: 'pairing-service',
  preset: '../../jest.preset.js',
};
