/** The code lists of HSDS. */
import {
  Frequency as FrequencyValue,
  LocationType as LocationTypeValue,
  ServiceStatus as ServiceStatusValue,
  Weekday as WeekdayValue,
} from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'

export const ServiceStatus = builder.enumType('ServiceStatus', {
  description: 'Whether a service can be used today.',
  values: {
    ACTIVE: { value: ServiceStatusValue.active, description: 'It can be used.' },
    INACTIVE: { value: ServiceStatusValue.inactive, description: 'It is not offered at present.' },
    DEFUNCT: { value: ServiceStatusValue.defunct, description: 'It has ended for good.' },
    TEMPORARILY_CLOSED: { value: ServiceStatusValue.temporarily_closed, description: 'It is closed for a time.' },
  },
})

export const LocationType = builder.enumType('LocationType', {
  description: 'Kind of a location or address.',
  values: {
    PHYSICAL: { value: LocationTypeValue.physical, description: 'A place that people go to.' },
    POSTAL: { value: LocationTypeValue.postal, description: 'An address for mail.' },
    VIRTUAL: { value: LocationTypeValue.virtual, description: 'A telephone line or a room on the web.' },
  },
})

export const Frequency = builder.enumType('Frequency', {
  description: 'How often a schedule recurs (RFC 5545 FREQ).',
  values: {
    WEEKLY: { value: FrequencyValue.WEEKLY, description: 'Every week, or every so many weeks.' },
    MONTHLY: { value: FrequencyValue.MONTHLY, description: 'Every month, or every so many months.' },
  },
})

export const Weekday = builder.enumType('Weekday', {
  description: 'Day of the week (RFC 5545).',
  values: {
    MO: { value: WeekdayValue.MO, description: 'Monday (lunedì).' },
    TU: { value: WeekdayValue.TU, description: 'Tuesday (martedì).' },
    WE: { value: WeekdayValue.WE, description: 'Wednesday (mercoledì).' },
    TH: { value: WeekdayValue.TH, description: 'Thursday (giovedì).' },
    FR: { value: WeekdayValue.FR, description: 'Friday (venerdì).' },
    SA: { value: WeekdayValue.SA, description: 'Saturday (sabato).' },
    SU: { value: WeekdayValue.SU, description: 'Sunday (domenica).' },
  },
})
