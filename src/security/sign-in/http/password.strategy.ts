import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-local';
import { SignIn } from '../use-cases/sign-in.js';
import type { Tokens } from '../use-cases/start-session.js';
import { visitor } from '../use-cases/visitor.js';

/** E-mail and password in the body of a sign-in. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, 'password') {
  constructor(private readonly signIn: SignIn) {
    super({ usernameField: 'email', passwordField: 'password', passReqToCallback: true });
  }

  validate(request: FastifyRequest, email: string, password: string): Promise<Tokens> {
    return this.signIn.run(visitor(request), email, password);
  }
}
