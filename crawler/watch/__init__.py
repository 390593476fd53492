"""Crawls on a schedule: a loop of our own, cron lines, systemd units, workflows."""
