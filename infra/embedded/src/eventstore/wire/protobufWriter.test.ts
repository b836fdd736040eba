import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import protobuf from 'google-protobuf';
import { protobufWriter } from './protobufWriter.js';

it('writes every 64-bit number so that google-protobuf reads it back', () => {
  fc.assert(
    fc.property(fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n), (value) => {
      const out = protobufWriter(32);
      out.varint(3, value);
      const reader = new protobuf.BinaryReader(out.finish());
      reader.nextField();
      expect([reader.getFieldNumber(), BigInt(reader.readUint64String())]).toEqual([3, BigInt.asUintN(64, value)]);
    }),
  );
});
