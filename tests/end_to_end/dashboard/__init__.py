"""The dashboard in a browser, over the real backend, worker, factory, SNS and SQS."""
