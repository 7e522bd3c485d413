using SpeechGan.Cli;

return await CommandLine.RunAsync(args);
