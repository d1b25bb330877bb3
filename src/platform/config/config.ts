import { resolve } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength, validateSync } from 'class-validator';
import { booleanFrom, FromEnv, environmentOf, integerFrom, listFrom, shown } from './from-env.js';

/**
 * Everything that can be set from outside, read once from the environment. `.env.example` lists the same names in the
 * same order (a test keeps them equal). Defaults make `npm start` work with nothing set.
 */
export class AppConfig {
  /** production refuses what development forgives: weak durability, missing TLS in front, default secrets. */
  @FromEnv('NODE_ENV', 'development')
  @IsIn(['development', 'test', 'production'])
  readonly environment: 'development' | 'test' | 'production';

  @FromEnv('PORT', '3000', integerFrom)
  @IsInt() @Min(0) @Max(65535)
  readonly port: number;

  @FromEnv('HOST', '127.0.0.1')
  @IsString()
  readonly host: string;

  /** `all` serves HTTP and runs the workers in one process; `api` and `worker` split them. */
  @FromEnv('PROCESS_ROLE', 'all')
  @IsIn(['all', 'api', 'worker'])
  readonly processRole: 'all' | 'api' | 'worker';

  @FromEnv('PUBLIC_URL')
  @IsOptional() @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  readonly publicUrl?: string;

  /** Where the embedded database, its password, the key ring and the log of the database lie. */
  @FromEnv('DATA_DIR', '.data', (text) => resolve(text))
  @IsString()
  readonly dataDir: string;

  /** Unset: the embedded PostgreSQL is started. Set: a role that may create schemas and roles, or see DATABASE_OWNER_URL. */
  @FromEnv('DATABASE_URL')
  @IsOptional() @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'must look like postgres://user:password@host:5432/database' })
  readonly databaseUrl?: string;

  /** The role that migrates, where the one in DATABASE_URL is already the lesser role the app shall use. */
  @FromEnv('DATABASE_OWNER_URL')
  @IsOptional() @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'must look like postgres://user:password@host:5432/database' })
  readonly databaseOwnerUrl?: string;

  /** Connections for callers' transactions, for those of the product itself, and for reads, each at the most. */
  @FromEnv('DATABASE_POOL', '10', integerFrom)
  @IsInt() @Min(2) @Max(200)
  readonly databasePool: number;

  @FromEnv('STATEMENT_TIMEOUT_MS', '5000', integerFrom)
  @IsInt() @Min(100) @Max(600_000)
  readonly statementTimeoutMs: number;

  /** Unset: jobs run on PostgreSQL. Set: on Redis. */
  @FromEnv('REDIS_URL')
  @IsOptional() @Matches(/^rediss?:\/\/\S+$/, { message: 'must look like redis://host:6379' })
  readonly redisUrl?: string;

  /** The key ring as text; overrides the file. */
  @FromEnv('MASTER_KEY')
  @IsOptional() @MinLength(32)
  readonly masterKey?: string;

  @FromEnv('MASTER_KEY_FILE', undefined, (text) => resolve(text))
  @IsOptional() @IsString()
  private readonly masterKeyPath?: string;

  @FromEnv('CURRENCY', 'CNY')
  @Matches(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 code such as CNY' })
  readonly currency: string;

  /** Where a telephone number without a country code is from. */
  @FromEnv('DEFAULT_REGION', 'CN')
  @Matches(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 code of two letters such as CN' })
  readonly defaultRegion: string;

  @FromEnv('ADMIN_EMAIL', 'admin@example.com')
  @IsString()
  readonly adminEmail: string;

  /** Unset: the first start makes one and prints it once. */
  @FromEnv('ADMIN_PASSWORD')
  @IsOptional() @MinLength(12)
  readonly adminPassword?: string;

  @FromEnv('ACCESS_TOKEN_MINUTES', '15', integerFrom)
  @IsInt() @Min(1) @Max(60)
  readonly accessTokenMinutes: number;

  @FromEnv('REFRESH_TOKEN_DAYS', '30', integerFrom)
  @IsInt() @Min(1) @Max(365)
  readonly refreshTokenDays: number;

  /** Addresses or networks whose X-Forwarded-For is believed. */
  @FromEnv('TRUSTED_PROXIES', '', listFrom)
  @IsString({ each: true })
  readonly trustedProxies: string[];

  @FromEnv('CORS_ORIGINS', '', listFrom)
  @IsString({ each: true })
  readonly corsOrigins: string[];

  /** Serve /docs; off by default in production. */
  @FromEnv('DOCS', undefined, booleanFrom)
  @IsOptional() @IsBoolean()
  private readonly docsSetting?: boolean;

  /** Requests in work at once before the server answers 503. */
  @FromEnv('MAX_CONCURRENT_REQUESTS', '512', integerFrom)
  @IsInt() @Min(8) @Max(100_000)
  readonly maxConcurrentRequests: number;

  /** How late timers may fire, averaged over half a second, before the server answers 503. */
  @FromEnv('MAX_LOOP_DELAY_MS', '500', integerFrom)
  @IsInt() @Min(50) @Max(600_000)
  readonly maxLoopDelayMillis: number;

  /** Whether imports, exports and other operations do less at a time, and rest in between, while the same process answers requests. */
  @FromEnv('OPERATIONS_GIVE_WAY', 'true', booleanFrom)
  @IsBoolean()
  readonly operationsGiveWay: boolean;

  /** The longest file that may be imported, sent in chunks and counted unpacked. */
  @FromEnv('MAX_FILE_MB', '1024', integerFrom)
  @IsInt() @Min(1) @Max(1_048_576)
  readonly maxFileMegabytes: number;

  @FromEnv('LOG_LEVEL', 'info')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly logLevel: string;

  /** Set: traces are exported there by OTLP. */
  @FromEnv('OTEL_EXPORTER_OTLP_ENDPOINT')
  @IsOptional() @IsUrl({ require_tld: false })
  readonly otlpEndpoint?: string;

  /** Months the event log is kept before a partition is dropped; 0 keeps all. */
  @FromEnv('EVENT_LOG_MONTHS', '0', integerFrom)
  @IsInt() @Min(0) @Max(600)
  readonly eventLogMonths: number;

  get maxFileBytes(): number {
    return this.maxFileMegabytes * 1024 * 1024;
  }

  get masterKeyFile(): string {
    return this.masterKeyPath ?? resolve(this.dataDir, 'master.key');
  }

  get docs(): boolean {
    return this.docsSetting ?? this.environment !== 'production';
  }

  get servesHttp(): boolean {
    return this.processRole !== 'worker';
  }

  get runsWorkers(): boolean {
    return this.processRole !== 'api';
  }
}

/** Thrown with one line per wrong variable, each with its remedy. */
export class ConfigurationError extends Error {}

/** @throws ConfigurationError that lists every failure at once. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): AppConfig {
  const { values, problems, nameOf } = environmentOf(AppConfig, environment);
  const config = plainToInstance(AppConfig, values, { exposeUnsetFields: false });
  for (const failure of validateSync(config)) {
    const name = nameOf(failure.property);
    const said = Object.values(failure.constraints ?? {}).map((message) => message.replace(`${failure.property} `, ''));
    // A value that could not even be read has been told of already.
    if (failure.property in values) problems.push(`${shown(name, environment[name])}: ${said.join('; ')}.`);
  }
  if (problems.length > 0) {
    throw new ConfigurationError(`The configuration cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}\nSee .env.example for every name and its default.`);
  }
  return config;
}
