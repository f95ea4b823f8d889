import { canonical } from './dart-json';

describe('the phone', () => {
  it('signs sorted keys and strings as they are', () => {
    expect(canonical({ result: 'success', metadata: { score: 0.93, name: 'é' }, list: [1, 'a'] })).toBe(
      '{"list":[1,"a"],"metadata":{"name":"é","score":0.93},"result":"success"}',
    );
  });
});
