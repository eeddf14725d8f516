import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNetworkList, isLoopbackAddress, isPublicAddress } from '../../src/runtime/addresses.js';

test('addresses of the public internet are public', () => {
  for (const address of ['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])
    assert.equal(isPublicAddress(address), true, address);
});

test('no address that leads inside, or nowhere, is public', () => {
  const refused = [
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '100.127.255.255', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
    ...['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.0.0.1'],
    ...[
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      'ff02::1',
      'fec0::1',
      '2001:db8::1',
      '2002:a00:1::',
      '2001::1',
    ],
    ...[
      '::ffff:10.0.0.1',
      '::ffff:127.0.0.1',
      '64:ff9b::a00:1',
      '64:ff9b::7f00:1',
      '64:ff9b:1::808:808',
      '100::1',
    ],
    ...['localhost', 'example.com', '', '1.2.3', '1', '0x7f000001', '1.2.3.4.5'],
  ];
  for (const address of refused) assert.equal(isPublicAddress(address), false, address);
});

test('loopback is 127.0.0.0/8 and ::1, mapped or not, and no name', () => {
  for (const address of ['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1'])
    assert.equal(isLoopbackAddress(address), true, address);
  for (const address of ['128.0.0.1', '10.0.0.1', '::', 'localhost', '127.0.0.1.example.net'])
    assert.equal(isLoopbackAddress(address), false, address);
});

test('a list of networks knows its members in either notation', () => {
  const contains = createNetworkList(['10.0.0.0/8', '192.0.2.7', '::1', 'fd00::/8']);
  for (const address of ['10.9.9.9', '::ffff:10.9.9.9', '192.0.2.7', '::1', 'fd00::7'])
    assert.equal(contains(address), true, address);
  for (const address of ['11.0.0.1', '192.0.2.8', '::2', 'fe80::1', 'not an address', ''])
    assert.equal(contains(address), false, address);
  assert.equal(createNetworkList([])('127.0.0.1'), false);
});

test('an entry that is no network is named in the refusal', () => {
  for (const entry of [
    'loopback',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/9',
    '::1/129',
    '10/8',
    '10.0.0.0/-1',
    '',
  ])
    assert.throws(() => createNetworkList(['127.0.0.1', entry]), new RegExp(`"${entry}" is neither`));
});
