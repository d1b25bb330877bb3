import { Global, Module } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { BlindIndex } from './blind-index.js';
import { KeyRotation } from './key-rotation.js';
import { LocalMasterKeys } from './local-master-keys.js';
import { MasterKeys } from './master-key.js';
import { Vault } from './vault.js';

/** The master keys as the configuration names them; a missing key file is made. */
export function masterKeysOf({ masterKey, masterKeyFile }: AppConfig): MasterKeys {
  return masterKey === undefined ? LocalMasterKeys.fromFile(masterKeyFile) : LocalMasterKeys.fromText(masterKey);
}

/** A KMS takes the place of the local keyring by another provider of `MasterKeys`; nothing else knows where keys come from. */
@Global()
@Module({
  providers: [
    { provide: MasterKeys, inject: [AppConfig], useFactory: masterKeysOf },
    BlindIndex,
    Vault,
    KeyRotation,
  ],
  exports: [MasterKeys, BlindIndex, Vault, KeyRotation],
})
export class VaultModule {}
