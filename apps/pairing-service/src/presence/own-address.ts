import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { InjectConfig } from '@teleop/service-kit';
import type { PairingConfig } from '../config';

const EVERYWHERE = new Set(['0.0.0.0', '::']);

/** Where other replicas reach this one. */
@Injectable()
export class OwnAddress {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  /** '' before the service listens. */
  url(): string {
    if (this.config.REPLICA_URL !== undefined) return this.config.REPLICA_URL;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const listening = server.address() as AddressInfo | null;
    if (listening === null) return '';
    const address = EVERYWHERE.has(listening.address) ? outerAddress() : listening.address;
    return `http://${address.includes(':') ? `[${address}]` : address}:${listening.port}`;
  }
}

function outerAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
