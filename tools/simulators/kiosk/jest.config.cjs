module.exports = {
  displayName: 'kiosk',
  preset: '../../../jest.preset.js',
};
