// Original file: proto/orchestrator/v1/catalog_service.proto


/**
 * Nothing to say.
 */
export interface DescribeLifecycleRequest__Input {
}

/**
 * Nothing to say.
 */
export interface DescribeLifecycleRequest__Output {
}
