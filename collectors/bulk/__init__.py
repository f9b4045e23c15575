"""The free bulk products of Companies House: found, downloaded to disk, and read line by line or member by member."""
