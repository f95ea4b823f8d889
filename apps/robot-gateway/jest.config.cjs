module.exports = {
  displayName: 'robot-gateway',
  preset: '../../jest.preset.js',
};
