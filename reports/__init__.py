"""Pages that read across apps: home pages by role and reports. No models, no verbs."""
