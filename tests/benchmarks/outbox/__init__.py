"""Are letters lost or sent twice when their sender is killed and the mail server misbehaves?"""
