"""What the guards of the house share: Swift's text taken apart, the rooms and their files, sizes, folders, uses."""
