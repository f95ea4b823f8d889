module.exports = {
  displayName: 'wasm',
  preset: '../../jest.preset.js',
};
