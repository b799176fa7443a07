/** Scopes of API keys, as the API names them. */
import { ApiKeyScope } from '../../../generated/prisma/enums.ts'
import { builder } from '../../../graphql/builder.ts'

export const Scope = builder.enumType('ApiKeyScope', {
  description: 'What may be done with an API key.',
  values: {
    DIRECTORY_WRITE: {
      value: ApiKeyScope.directory_write,
      description: 'directory:write: write the directory entries of the organization.',
    },
    BENEFIT_WRITE: {
      value: ApiKeyScope.benefit_write,
      description: 'benefit:write: write the benefits that the organization gives its people.',
    },
    COURSE_WRITE: {
      value: ApiKeyScope.course_write,
      description: 'course:write: write the courses that the organization holds.',
    },
    COURSE_ROSTER: {
      value: ApiKeyScope.course_roster,
      description: "course:roster: read who takes part in the organization's courses.",
    },
    SURVEY_RUN: {
      value: ApiKeyScope.survey_run,
      description: "survey:run: run surveys among the organization's people.",
    },
    GRANT_ISSUE: {
      value: ApiKeyScope.grant_issue,
      description: 'grant:issue: say that somebody is entitled through the organization.',
    },
    CARE_WORK: {
      value: ApiKeyScope.care_work,
      description: 'care:work: work on help requests that were referred to the organization.',
    },
    WEBHOOK_MANAGE: {
      value: ApiKeyScope.webhook_manage,
      description: 'webhook:manage: manage where the organization is told of events.',
    },
    NETWORK_COORDINATE: {
      value: ApiKeyScope.network_coordinate,
      description: 'network:coordinate: coordinate the network, with every directory entry of it.',
    },
  },
})
