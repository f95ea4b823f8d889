export default {
  displayName: 'robot-gateway',
  preset: '../../jest.preset.js',
};
