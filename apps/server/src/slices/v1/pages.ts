import { V1_PAGE } from '@biologidex/core/v1/inputs'
import type { FastifyRequest } from 'fastify'

/** Which page of a list is asked for. */
export interface Asked {
  readonly page?: number | undefined
  readonly page_size?: number | undefined
}

/** How many are left out before a page, and how many it has at most. */
export function rangeOf({ page = 1, page_size = V1_PAGE }: Asked): { offset: number; limit: number } {
  return { offset: (page - 1) * page_size, limit: page_size }
}

function addressOf(base: string, request: FastifyRequest, page: number): string {
  const url = new URL(request.url, base)
  url.searchParams.set('page', String(page))
  return url.href
}

/** A list that comes in pages, with the addresses of those beside this one. */
export function pageAnswer<T>(base: string, request: FastifyRequest, asked: Asked, count: number, results: readonly T[]) {
  const { page = 1 } = asked
  const { offset, limit } = rangeOf(asked)
  return {
    count,
    next: offset + limit < count ? addressOf(base, request, page + 1) : null,
    previous: page > 1 ? addressOf(base, request, page - 1) : null,
    results,
  }
}
