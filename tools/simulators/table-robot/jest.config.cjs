module.exports = {
  displayName: 'table-robot',
  preset: '../../../jest.preset.js',
};
