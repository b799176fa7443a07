import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { obtainCredential } from '../../../testing/answer-survey.ts'
import { isSignable, isSignature, makeSigningKey, modulusBytes, preparedBytes, signBlinded } from './blind-signature.ts'

// RFC 9474, appendix A.1 (RSABSSA-SHA384-PSS-Randomized). The rest of the key follows from its primes.
const vector = {
  p: 'e1f4d7a34802e27c7392a3cea32a262a34dc3691bd87f3f310dc75673488930559c120fd0410194fb8a0da55bd0b81227e843fdca6692ae80e5a5d414116d4803fca7d8c30eaaae57e44a1816ebb5c5b0606c536246c7f11985d731684150b63c9a3ad9e41b04c0b5b27cb188a692c84696b742a80d3cd00ab891f2457443dadfeba6d6daf108602be26d7071803c67105a5426838e6889d77e8474b29244cefaf418e381b312048b457d73419213063c60ee7b0d81820165864fef93523c9635c22210956e53a8d96322493ffc58d845368e2416e078e5bcb5d2fd68ae6acfa54f9627c42e84a9d3f2774017e32ebca06308a12ecc290c7cd1156dcccfb2311',
  q: 'c601a9caea66dc3835827b539db9df6f6f5ae77244692780cd334a006ab353c806426b60718c05245650821d39445d3ab591ed10a7339f15d83fe13f6a3dfb20b9452c6a9b42eaa62a68c970df3cadb2139f804ad8223d56108dfde30ba7d367e9b0a7a80c4fdba2fd9dde6661fc73fc2947569d2029f2870fc02d8325acf28c9afa19ecf962daa7916e21afad09eb62fe9f1cf91b77dc879b7974b490d3ebd2e95426057f35d0a3c9f45f79ac727ab81a519a8b9285932d9b2e5ccd347e59f3f32ad9ca359115e7da008ab7406707bd0e8e185a5ed8758b5ba266e8828f8d863ae133846304a2936ad7bc7c9803879d2fc4a28e69291d73dbd799f8bc238385',
  preparedMessage:
    '8417e699b219d583fb6216ae0c53ca0e9723442d02f1d1a34295527e7d929e8b8f3dc6fb8c4a02f4d6352edf0907822c1210a9b32f9bdda4c45a698c80023aa6b59f8cfec5fdbb36331372ebefedae7d',
  blindedMessage:
    'aa3ee045138d874669685ffaef962c7694a9450aa9b4fd6465db9b3b75a522bb921c4c0fdcdfae9667593255099cff51f5d3fd65e8ffb9d3b3036252a6b51b6edfb3f40382b2bbf34c0055e4cbcc422850e586d84f190cd449af11dc65545f5fe26fd89796eb87da4bda0c545f397cddfeeb56f06e28135ec74fd477949e7677f6f36cfae8fd5c1c5898b03b9c244cf6d1a4fb7ad1cb43aff5e80cb462fac541e72f67f0a50f1843d1759edfaae92d1a916d3f0efaf4d650db416c3bf8abdb5414a78cebc97de676723cb119e77aea489f2bbf530c440ebc5a75dccd3ebf5a412a5f346badd61bee588e5917bdcce9dc33c882e39826951b0b8276c6203971947072b726e935816056ff5cb11a71ca2946478584126bb877acdf87255f26e6cca4e0878801307485d3b7bb89b289551a8b65a7a6b93db010423d1406e149c87731910306e5e410b41d4da3234624e74f92845183e323cf7eb244f212a695f8856c675fbc3a021ce649e22c6f0d053a9d238841cf3afdc2739f99672a419ae13c17f1f8a3bc302ec2e7b98e8c353898b7150ad8877ec841ea6e4b288064c254fefd0d049c3ad196bf7ffa535e74585d0120ce728036ed500942fbd5e6332c298f1ffebe9ff60c1e117b274cf0cb9d70c36ee4891528996ec1ed0b178e9f3c0c0e6120885f39e8ccaadbb20f3196378c07b1ff22d10049d3039a7a92fe7efdd95d',
  blindSignature:
    '3f4a79eacd4445fca628a310d41e12fcd813c4d43aa4ef2b81226953248d6d00adfee6b79cb88bfa1f99270369fd063c023e5ed546719b0b2d143dd1bca46b0e0e615fe5c63d95c5a6b873b8b50bc52487354e69c3dfbf416e7aca18d5842c89b676efdd38087008fa5a810161fcdec26f20ccf2f1e6ab0f9d2bb93e051cb9e86a9b28c5bb62fd5f5391379f887c0f706a08bcc3b9e7506aaf02485d688198f5e22eefdf837b2dd919320b17482c5cc54271b4ccb41d267629b3f844fd63750b01f5276c79e33718bb561a152acb2eb36d8be75bce05c9d1b94eb609106f38226fb2e0f5cd5c5c39c59dda166862de498b8d92f6bcb41af433d65a2ac23da87f39764cb64e79e74a8f4ce4dd567480d967cefac46b6e9c06434c3715635834357edd2ce6f105eea854ac126ccfa3de2aac5607565a4e5efaac5eed491c335f6fc97e6eb7e9cea3e12de38dfb315220c0a3f84536abb2fdd722813e083feda010391ac3d8fd1cd9212b5d94e634e69ebcc800c4d5c4c1091c64afc37acf563c7fc0a6e4c082bc55544f50a7971f3fb97d5853d72c3af34ffd5ce123998be5360d1059820c66a81e1ee6d9c1803b5b62af6bc877526df255b6d1d835d8c840bebbcd6cc0ee910f17da37caf8488afbc08397a1941fcc79e76a5888a95b3d5405e13f737bea5c78d716a48eb9dc0aec8de39c4b45c6914ad4a8185969f70b1adf46',
  signature:
    '191e941c57510e22d29afad257de5ca436d2316221fe870c7cb75205a6c071c2735aed0bc24c37f3d5bd960ab97a829a508f966bbaed7a82645e65eadaf24ab5e6d9421392c5b15b7f9b640d34fec512846a3100b80f75ef51064602118c1a77d28d938f6efc22041d60159a518d3de7c4d840c9c68109672d743d299d8d2577ef60c19ab463c716b3fa75fa56f5735349d414a44df12bf0dd44aa3e10822a651ed4cb0eb6f47c9bd0ef14a034a7ac2451e30434d513eb22e68b7587a8de9b4e63a059d05c8b22c7c51e2cfee2d8bef511412e93c859a13726d87c57d1bc4c2e68ab121562f839c3a3d233e87ed63c69b7e57525367753fbebcc2a9805a2802659f5888b2c69115bf865559f10d906c09d048a0d71bfee4b33857393ec2b69e451433496d02c9a7910abb954317720bbde9e69108eafc3e90bad3d5ca4066d7b1e49013fa04e948104a1dd82b12509ecb146e948c54bd8bfb5e6d18127cd1f7a93c3cf9f2d869d5a78878c03fe808a0d799e910be6f26d18db61c485b303631d3568368fc41986d08a95ea6ac0592240c19d7b22416b9c82ae6241e211dd5610d0baaa9823158f9c32b66318f5529491b7eeadcaa71898a63bac9d95f4aa548d5e97568d744fc429104e32edd9c87519892a198a30d333d427739ffb9607b092e910ae37771abf2adb9f63bc058bf58062ad456cb934679795bbdfcdfad5e0f2',
}

describe('the test vector of RFC 9474', () => {
  const key = keyFromPrimes(BigInt(`0x${vector.p}`), BigInt(`0x${vector.q}`))
  const bytes = (hex: string) => Buffer.from(hex, 'hex')

  test('the blinded message is signed as in the RFC', () => {
    expect(signBlinded(key, bytes(vector.blindedMessage)).toString('hex')).toBe(vector.blindSignature)
  })

  test('the signature is one for the prepared message, and for no other', () => {
    const [prepared, signature] = [bytes(vector.preparedMessage), bytes(vector.signature)]
    expect(isSignature(key.publicKey, prepared, signature)).toBe(true)
    prepared[0]! ^= 1
    expect(isSignature(key.publicKey, prepared, signature)).toBe(false)
  })
})

describe('between a browser and the server', () => {
  test('a message is blinded, signed, unblinded and taken; nobody else can make one', async () => {
    const made = await makeSigningKey()
    const key = {
      publicKey: createPublicKey({ key: made.publicKey, format: 'der', type: 'spki' }),
      privateKey: createPrivateKey({ key: made.privateKey, format: 'der', type: 'pkcs8' }),
    }
    const sign = async (blinded: Uint8Array) => signBlinded(key, blinded)
    const { message, signature } = await obtainCredential(Uint8Array.from(made.publicKey), sign)
    expect([message.length, signature.length]).toEqual([preparedBytes, modulusBytes])
    expect(isSignature(key.publicKey, message, signature)).toBe(true)
    // Another key, such as that of another company, is not the same.
    const other = createPublicKey({ key: (await makeSigningKey()).publicKey, format: 'der', type: 'spki' })
    expect(isSignature(other, message, signature)).toBe(false)
  })

  test('what can not be signed is refused', () => {
    const key = keyFromPrimes(BigInt(`0x${vector.p}`), BigInt(`0x${vector.q}`))
    const length = vector.blindedMessage.length / 2
    for (const refused of [new Uint8Array(0), new Uint8Array(length - 1), new Uint8Array(length + 1)])
      expect(isSignable(key, refused)).toBe(false)
    expect(isSignable(key, new Uint8Array(length).fill(255))).toBe(false)
    expect(isSignable(key, Buffer.from(vector.blindedMessage, 'hex'))).toBe(true)
    expect(isSignature(key.publicKey, new Uint8Array(64), new Uint8Array(3))).toBe(false)
  })
})

function keyFromPrimes(p: bigint, q: bigint): { publicKey: KeyObject; privateKey: KeyObject } {
  const e = 65537n
  const d = inverse(e, (p - 1n) * (q - 1n))
  const text = (value: bigint) => {
    const hex = value.toString(16)
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
  }
  const [dp, dq, qi] = [d % (p - 1n), d % (q - 1n), inverse(q, p)]
  const whole = { n: p * q, e, d, p, q, dp, dq, qi }
  const jwk = { kty: 'RSA', ...Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, text(value)])) }
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [before, rest, a, b] = [modulus, value % modulus, 0n, 1n]
  while (rest > 0n) [before, rest, a, b] = [rest, before % rest, b, a - (before / rest) * b]
  return ((a % modulus) + modulus) % modulus
}
