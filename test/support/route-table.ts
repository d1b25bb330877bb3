import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessRuleOf, type AccessRule } from '../../src/security/access/http/access-rule.js';
import type { TestApp } from './app.js';

/** One operation of the running app, as its decorators say; new ones join by themselves. */
export interface RouteUnderTest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters as `:id`. */
  readonly path: string;
  readonly rule: AccessRule | undefined;
}

export function routeTable(app: TestApp): RouteUnderTest[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, object>;
      return scanner
        .getAllMethodNames(prototype)
        .map((name) => prototype[name]!)
        .filter((handler) => Reflect.hasMetadata(PATH_METADATA, handler))
        .flatMap((handler) => pathsOf(metatype, handler).map((path) => ({ method: methodOf(handler), path, rule: accessRuleOf(handler, metatype) })));
    })
    .sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

/** The path with every parameter filled in. */
export function fill(path: string, value: string): string {
  return path.replace(/:\w+/g, value);
}

function methodOf(handler: object): RouteUnderTest['method'] {
  return RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod] as RouteUnderTest['method'];
}

function pathsOf(controller: object, handler: object): string[] {
  const list = (target: object) => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();
  return list(controller).flatMap((base) => list(handler).map((path) => `/${[base, path].flatMap((part) => part.split('/')).filter(Boolean).join('/')}`));
}
