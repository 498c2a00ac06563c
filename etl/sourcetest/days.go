//go:build !campaign

package sourcetest

// campaignDays is how long a source is polled in the usual tests: enough for every way
// of failing. The campaign goes on for a hundred days.
const campaignDays = 30
