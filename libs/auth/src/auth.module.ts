import { Global, Module, type DynamicModule } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AUTH_OPTIONS, type AuthOptions } from './auth-options';
import { InternalTokenGuard } from './internal-token.guard';
import { JwtGuard } from './jwt.guard';
import { JwtSigner } from './jwt-signer';
import { JwtStrategy } from './jwt.strategy';
import { JwtVerifier } from './jwt-verifier';
import { KeySource } from './key-source';

/** Global: guards, verifier and signer can be used anywhere in the app. */
@Global()
@Module({})
export class AuthModule {
  static forRoot(options: AuthOptions): DynamicModule {
    return {
      module: AuthModule,
      imports: [PassportModule],
      providers: [
        { provide: AUTH_OPTIONS, useValue: options },
        KeySource,
        JwtVerifier,
        JwtSigner,
        JwtStrategy,
        JwtGuard,
        InternalTokenGuard,
      ],
      exports: [AUTH_OPTIONS, JwtVerifier, JwtSigner, JwtGuard, InternalTokenGuard],
    };
  }
}
