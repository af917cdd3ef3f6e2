// Original file: proto/orchestrator/v1/catalog_service.proto


/**
 * Nothing to say.
 */
export interface ListProvidersRequest__Input {
}

/**
 * Nothing to say.
 */
export interface ListProvidersRequest__Output {
}
