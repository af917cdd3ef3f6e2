// Original file: proto/orchestrator/v1/event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * 80 % of a cap is spent or held; once per cap.
 */
export interface BudgetWarning__Input {
  /**
   * cost (billionths of a US dollar) or tokens.
   */
  'cap'?: (string);
  /**
   * Spent and held, in the unit of the cap.
   */
  'used'?: (number | string | Long);
  /**
   * The cap.
   */
  'limit'?: (number | string | Long);
}

/**
 * 80 % of a cap is spent or held; once per cap.
 */
export interface BudgetWarning__Output {
  /**
   * cost (billionths of a US dollar) or tokens.
   */
  'cap': (string);
  /**
   * Spent and held, in the unit of the cap.
   */
  'used': (string);
  /**
   * The cap.
   */
  'limit': (string);
}
