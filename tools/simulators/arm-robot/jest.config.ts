export default {
  displayName: 'arm-robot',
  preset: '../../../jest.preset.js',
};
