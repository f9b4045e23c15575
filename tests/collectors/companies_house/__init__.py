"""Tests of collectors.companies_house."""
