package dropfolder

// SetChunkSize makes chunks so small that a test file has many.
func (s *Source) SetChunkSize(bytes int) { s.chunkSize = bytes }
