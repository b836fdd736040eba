import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { freePorts } from '../src/ports.js';
import { startKafkaProxy } from './kafkaProxy.js';

it('closes the client when the broker refuses the connection', async () => {
  const proxy = await startKafkaProxy();
  const [unused = 0] = await freePorts(1);
  proxy.forwardTo(unused);
  const client = connect(proxy.port, '127.0.0.1').resume();
  await once(client, 'close');
  expect(proxy.connections).toBe(1);
  await proxy.close();
});
