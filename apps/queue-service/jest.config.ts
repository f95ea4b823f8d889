export default {
  displayName: 'queue-service',
  preset: '../../jest.preset.js',
};
