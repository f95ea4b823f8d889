import fc from 'fast-check';
import { EvmKey } from '../testing/clients.spec-support';
import { recoverSigner } from './recover-signer';

describe('the signer of a personal-sign signature', () => {
  it('is the one of eth_account’s documentation', () => {
    // eth_account 0.13, Account.sign_message(encode_defunct(text="I♥SF"), private_key=0xb25c7db31feed9122727bf0939dc769a96564b2de4c4726d035b36ecf1e5b364)
    const signature =
      '0xe6ca9bba58c88611fad66a6ce8f996908195593807c4b38bd528d2cff09d4eb33e5bfbbf4d3e39b1a2fd816a7680c19ebebaf3a141b239934ad43cb33fcec8ce1c';
    const address = '0x5ce9454909639d2d17a3f753ce7d93fa0b9ab12e';
    expect(recoverSigner('I♥SF', signature)).toBe(address);
    expect(recoverSigner('I♥SF', signature.slice(2).toUpperCase())).toBe(address);
    expect(recoverSigner('I♥SF', `${signature.slice(0, -2)}01`)).toBe(address);
    expect(recoverSigner('I♥SG', signature)).not.toBe(address);
  });

  it('is found for any message and key', () => {
    const key = new EvmKey();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (message) => {
        expect(recoverSigner(message, key.sign(message))).toBe(key.address);
      }),
      { numRuns: 30 },
    );
  });

  it('is nobody for anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(0x)?[0-9a-f]{130}$/)), (text) => {
        const signer = recoverSigner('alpha||nonce', text);
        expect(signer === undefined || /^0x[0-9a-f]{40}$/.test(signer)).toBe(true);
      }),
      { numRuns: 100 },
    );
    const good = new EvmKey().sign('alpha||nonce');
    for (const v of ['02', '03', '1a', '1d', 'ff'])
      expect(recoverSigner('alpha||nonce', good.slice(0, -2) + v)).toBeUndefined();
  });
});
