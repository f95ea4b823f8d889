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

  /** Calls back as soon as `url()` knows. */
  whenKnown(then: () => void): void {
    if (this.url() === '') this.server.once('listening', then);
    else then();
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }

  /** '' before the service listens. */
  url(): string {
    if (this.config.REPLICA_URL !== undefined) return this.config.REPLICA_URL;
    const listening = this.server.address() as AddressInfo | null;
    if (listening === null) return '';
    const address = EVERYWHERE.has(listening.address) ? outerAddress() : listening.address;
    return `http://${address.includes(':') ? `[${address}]` : address}:${listening.port}`;
  }
}

function outerAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}
