"""The app manifests of the chat platforms, their icons, and their builder."""
