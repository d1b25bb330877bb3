import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { SYSTEM } from '../kernel/actor.js';
import { Database } from '../platform/database/database.js';
import { PERMISSIONS } from '../platform/http/access.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { AccessGuard } from './access/http/access.guard.js';
import { ApiKeysController } from './access/http/api-keys.controller.js';
import { Callers } from './access/http/callers.js';
import { AccessTokenStrategy, ApiKeyStrategy } from './access/http/strategies.js';
import { ApiKeys } from './access/persistence/api-keys.js';
import { AccessTokens } from './access/use-cases/access-tokens.js';
import { CheckApiKey } from './access/use-cases/check-api-key.js';
import { IssueApiKey } from './access/use-cases/issue-api-key.js';
import { NoteKeyUse } from './access/use-cases/note-key-use.js';
import { RevokeApiKey } from './access/use-cases/revoke-api-key.js';
import { ApiKeysView } from './access/views/api-keys.view.js';
import { Principals } from './access/views/principals.js';
import { RightsEpoch } from './access/views/rights-epoch.js';
import { AuditController } from './audit/http/audit.controller.js';
import { MeController } from './sign-in/http/me.controller.js';
import { PasswordStrategy } from './sign-in/http/password.strategy.js';
import { SessionsController } from './sign-in/http/sessions.controller.js';
import { SignInController } from './sign-in/http/sign-in.controller.js';
import { PasswordGuesses } from './sign-in/persistence/password-guesses.js';
import { Sessions } from './sign-in/persistence/sessions.js';
import { ChangeOwnPassword } from './sign-in/use-cases/change-own-password.js';
import { CheckPassword } from './sign-in/use-cases/check-password.js';
import { EndSession } from './sign-in/use-cases/end-session.js';
import { ForgetOldSignIns, ForgetOldSignInsJob } from './sign-in/use-cases/forget-old-sign-ins.js';
import { Passwords } from './sign-in/use-cases/passwords.js';
import { RefreshSession } from './sign-in/use-cases/refresh-session.js';
import { SignIn } from './sign-in/use-cases/sign-in.js';
import { StartSession } from './sign-in/use-cases/start-session.js';
import { SessionsView } from './sign-in/views/sessions.view.js';
import { RolesController } from './staff/http/roles.controller.js';
import { UsersController } from './staff/http/users.controller.js';
import { Roles } from './staff/persistence/roles.js';
import { StaffUsers } from './staff/persistence/staff-users.js';
import { ChangeUser } from './staff/use-cases/change-user.js';
import { CreateUser } from './staff/use-cases/create-user.js';
import { FirstAdministrator } from './staff/use-cases/first-administrator.js';
import { DECLARED_PERMISSIONS, SynchroniseRoles } from './staff/use-cases/synchronise-roles.js';
import { RolesView } from './staff/views/roles.view.js';
import { StaffUsersView } from './staff/views/staff-users.view.js';

/** Staff, roles, sessions, API keys; the guard before every route; the audit trail's doors. */
@Module({
  imports: [PassportModule, JwtModule.register({})],
  controllers: [SignInController, SessionsController, MeController, UsersController, RolesController, ApiKeysController, AuditController],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: DECLARED_PERMISSIONS, useExisting: PERMISSIONS },
    // access: who calls, and what they may do at this moment
    Callers, AccessTokenStrategy, ApiKeyStrategy, AccessTokens, CheckApiKey, NoteKeyUse, Principals, RightsEpoch,
    IssueApiKey, RevokeApiKey, ApiKeys, ApiKeysView,
    // sign-in: passwords and sessions
    PasswordStrategy, SignIn, CheckPassword, Passwords, PasswordGuesses, ChangeOwnPassword,
    StartSession, RefreshSession, EndSession, Sessions, SessionsView, ForgetOldSignIns,
    // staff: users and roles
    CreateUser, ChangeUser, StaffUsers, StaffUsersView, FirstAdministrator, SynchroniseRoles, Roles, RolesView,
  ],
})
export class SecurityModule implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly synchroniseRoles: SynchroniseRoles,
    jobs: Jobs,
    forgetOldSignIns: ForgetOldSignIns,
  ) {
    jobs.handle(ForgetOldSignInsJob, forgetOldSignIns);
    jobs.schedule(ForgetOldSignInsJob, { key: 'security.forget_old_sign_ins', cron: '52 * * * *', timeZone: 'UTC', payload: {} });
  }

  async onModuleInit(): Promise<void> {
    await this.database.transaction(SYSTEM, (tx) => this.synchroniseRoles.run(tx));
  }
}
