module.exports = {
  displayName: 'recognition-calibration',
  preset: '../../jest.preset.js',
};
