using SpeechGan.Cli;

return await CommandLine.Make().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
