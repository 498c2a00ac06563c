//go:build campaign

package sourcetest

// campaignDays is how long a source is polled.
const campaignDays = 100
