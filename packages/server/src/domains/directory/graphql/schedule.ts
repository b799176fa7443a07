/** When services and locations are open. */
import { builder } from '../../../graphql/builder.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { Frequency, Weekday } from './codes.ts'

builder.prismaNode('Schedule', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    validFrom: t.expose('validFrom', { type: 'Date', nullable: true }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
    dtstart: t.expose('dtstart', { type: 'Date', nullable: true }),
    timezone: t.exposeFloat('timezone', { nullable: true }),
    until: t.expose('until', { type: 'Date', nullable: true }),
    count: t.exposeInt('count', { nullable: true }),
    wkst: t.expose('wkst', { type: Weekday, nullable: true }),
    freq: t.expose('freq', { type: Frequency, nullable: true }),
    interval: t.exposeInt('interval', { nullable: true }),
    byday: t.exposeString('byday', { nullable: true }),
    byweekno: t.exposeString('byweekno', { nullable: true }),
    bymonthday: t.exposeString('bymonthday', { nullable: true }),
    byyearday: t.exposeString('byyearday', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    opensAt: t.exposeString('opensAt', { nullable: true }),
    closesAt: t.exposeString('closesAt', { nullable: true }),
    scheduleLink: t.exposeString('scheduleLink', { nullable: true }),
    attendingType: t.exposeString('attendingType', { nullable: true }),
    notes: t.exposeString('notes', { nullable: true }),
    demonstration: t.exposeBoolean('demonstration'),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    serviceAtLocation: t.relation('serviceAtLocation', { nullable: true, description: 'The service at a location.' }),
  }),
})

builder.prismaNode('HolidaySchedule', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    startDate: t.expose('startDate', { type: 'Date' }),
    endDate: t.expose('endDate', { type: 'Date' }),
    yearly: t.exposeBoolean('yearly'),
    closed: t.exposeBoolean('closed'),
    opensAt: t.exposeString('opensAt', { nullable: true }),
    closesAt: t.exposeString('closesAt', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
  }),
})
